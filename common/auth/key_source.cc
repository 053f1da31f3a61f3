#include "common/auth/key_source.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/auth/jwks.h"
#include "common/status/status_macros.h"

namespace nscl::auth {
namespace {

struct CurlFree {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  const std::string copy = text;
  curl_free(text);
  return copy;
}

bool IsThisMachine(const std::string& host) {
  in_addr address;
  return host == "localhost" || host == "[::1]" ||
         (::inet_pton(AF_INET, host.c_str(), &address) == 1 && absl::StartsWith(host, "127."));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Takes what comes; refuses, and so ends the transfer, what is more than a key set may be.
size_t Append(char* data, size_t size, size_t count, void* out) {
  std::string& text = *static_cast<std::string*>(out);
  if (text.size() + size * count > KeySet::kMaxBytes) return 0;
  text.append(data, size * count);
  return size * count;
}

absl::StatusOr<std::string> Fetch(const KeySource& source) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, CurlFree> curl(kReady == CURLE_OK ? curl_easy_init() : nullptr);
  if (curl == nullptr) return absl::InternalError("libcurl cannot be set up");
  std::string text;
  char problem[CURL_ERROR_SIZE] = "";
  const auto millis = [](absl::Duration d) {
    return static_cast<long>(absl::ToInt64Milliseconds(d));  // NOLINT: libcurl's type
  };
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, source.location.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  if (!source.ca_file.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, source.ca_file.c_str());
  // What is on this machine is not asked through a proxy; the rest as the environment says.
  curl_easy_setopt(c, CURLOPT_NOPROXY, "localhost,127.0.0.1,::1");
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, millis(source.timeout));
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS,
                   millis(std::min(source.timeout, KeySource::kConnectTimeout)));
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &text);
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, problem);
  const CURLcode code = curl_easy_perform(c);
  if (code == CURLE_WRITE_ERROR) {
    return absl::InvalidArgumentError(absl::StrCat(source.location, " sends more than 64 KiB"));
  }
  if (code != CURLE_OK) {
    return absl::UnavailableError(absl::StrCat(
        source.location, ": ", problem[0] != '\0' ? problem : curl_easy_strerror(code)));
  }
  long status = 0;  // NOLINT: libcurl's type
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) {
    return absl::UnavailableError(absl::StrCat(source.location, " answers with ", status));
  }
  return text;
}

}  // namespace

bool KeySource::is_url() const { return absl::StrContains(location, "://"); }

absl::Status KeySource::Check() const {
  if (!is_url()) return absl::OkStatus();
  const auto bad = [this](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(location, ": ", why));
  };
  const std::unique_ptr<CURLU, CurlFree> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, location.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
      CURLUE_OK) {
    return bad("not an address");
  }
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") return bad("must be a file, https:// or http://");
  if (scheme == "http" && !IsThisMachine(Part(url.get(), CURLUPART_HOST))) {
    return bad("plain http is taken from this machine only: use https");
  }
  if (!Part(url.get(), CURLUPART_USER).empty()) return bad("must not hold a user name");
  return absl::OkStatus();
}

absl::StatusOr<std::string> KeySource::Read() const {
  if (!is_url()) return ReadFile(location);
  RETURN_IF_ERROR(Check());
  return Fetch(*this);
}

}  // namespace nscl::auth
