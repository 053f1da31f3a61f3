#include "services/tools/nsclctl/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "services/tools/words/words.h"

namespace nscl::nsclctl {
namespace {

constexpr int64_t kBarWidth = 24;
constexpr absl::Duration kRedraw = absl::Milliseconds(100);

// "1.234.567", as Vietnamese writes it.
std::string Grouped(int64_t number) {
  std::string digits = absl::StrCat(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ".");
  return digits;
}

}  // namespace

Progress::Progress(std::ostream& err, bool quiet, std::string what, std::string unit, int64_t scale)
    : err_(err),
      quiet_(quiet),
      terminal_(&err == &std::cerr && isatty(STDERR_FILENO) == 1),
      what_(std::move(what)),
      unit_(std::move(unit)),
      scale_(scale),
      began_(absl::Now()) {}

Progress::~Progress() { End(); }

std::string Progress::Line(int64_t done, int64_t total, const std::string& more) const {
  std::string line = what_;
  if (total > 0) {
    const int64_t filled = std::min(kBarWidth, done * kBarWidth / total);
    absl::StrAppend(&line, " [", std::string(static_cast<size_t>(filled), '#'),
                    std::string(static_cast<size_t>(kBarWidth - filled), '-'), "] ",
                    absl::StrFormat("%3d %%  ", done * 100 / total), Grouped(done / scale_), " / ",
                    Grouped(total / scale_), " ", unit_);
  } else {
    absl::StrAppend(&line, " ", Grouped(done / scale_), " ", unit_);
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - began_);
  const auto moved = static_cast<double>(done - std::max<int64_t>(began_at_, 0));
  if (seconds > 0.5 && moved > 0) {
    const double speed = moved / seconds;
    absl::StrAppend(&line, ", ", Grouped(static_cast<int64_t>(speed / static_cast<double>(scale_))),
                    "/s");
    if (total > done) {
      const auto left = static_cast<int64_t>(static_cast<double>(total - done) / speed);
      absl::StrAppend(&line, tools::Words(", left ", ", còn "),
                      absl::StrFormat("%d:%02d", left / 60, left % 60));
    }
  }
  if (!more.empty()) absl::StrAppend(&line, ", ", more);
  return line;
}

void Progress::Show(int64_t done, int64_t total, const std::string& more) {
  if (quiet_) return;
  if (began_at_ < 0) began_at_ = done;
  const absl::Time now = absl::Now();
  const bool last = total > 0 && done >= total;
  if (terminal_) {
    if (now - shown_ < kRedraw && !last) return;
    shown_ = now;
    const std::string line = Line(done, total, more);
    // Blanks over what a longer line left.
    err_ << "\r" << line << std::string(width_ > line.size() ? width_ - line.size() : 0, ' ');
    err_.flush();
    width_ = line.size();
    return;
  }
  const int64_t tenth = total > 0 ? done * 10 / total : 0;
  if (tenth == shown_tenth_) return;
  shown_tenth_ = tenth;
  err_ << Line(done, total, more) << "\n";
  err_.flush();
}

void Progress::End() {
  if (terminal_ && width_ > 0) err_ << "\n";
  width_ = 0;
}

}  // namespace nscl::nsclctl
