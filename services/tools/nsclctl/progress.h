// A progress bar on the standard error.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "absl/time/time.h"

namespace nscl::nsclctl {

// On a terminal one line that is drawn again; elsewhere a line for every tenth of the way.
//   sending  [#########-----------]  46 %  180 of 390 MB, 61 MB/s, 0:04 left
class Progress {
 public:
  // `unit` follows the numbers, which are shown divided by `scale`.
  Progress(std::ostream& err, bool quiet, std::string what, std::string unit, int64_t scale);
  ~Progress();

  // `total` 0: not known yet. `more` stands at the end: "3 refused".
  void Show(int64_t done, int64_t total, const std::string& more = "");
  // Ends the line.
  void End();

 private:
  std::string Line(int64_t done, int64_t total, const std::string& more) const;

  std::ostream& err_;
  const bool quiet_;
  const bool terminal_;
  const std::string what_, unit_;
  const int64_t scale_;
  const absl::Time began_;
  int64_t began_at_ = -1;
  int64_t shown_tenth_ = -1;
  absl::Time shown_ = absl::InfinitePast();
  size_t width_ = 0;
};

}  // namespace nscl::nsclctl
