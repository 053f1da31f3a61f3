#include "services/reporting/store/keys.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "common/status/status_macros.h"

namespace nscl::reporting::rows {
namespace {

absl::Status Misfit(absl::string_view name) {
  return status::Error(absl::StatusCode::kInvalidArgument, "RESOURCE_NAME")
      .Meta("name", name)
      .En("not a name that reporting keeps rows of: ", name)
      .Vi("Tên không hợp lệ: ", name, ".");
}

void AppendId(std::string& key, absl::string_view id) {
  key.append(id.data(), id.size());
  key.push_back('\0');
}

void AppendBigEndian(std::string& key, uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(value >> shift));
}

// "48", "plans", "dn", "lines", "IV-1" of a line's name; empty where a part is missing or holds the
// byte that ends an id.
std::vector<absl::string_view> Split(absl::string_view name, size_t parts) {
  std::vector<absl::string_view> split = absl::StrSplit(name, '/');
  if (split.size() != parts || split[0] != "provinces") return {};
  for (absl::string_view part : split) {
    if (part.empty() || part.find('\0') != absl::string_view::npos) return {};
  }
  return split;
}

}  // namespace

std::string CursorKey(absl::string_view service) {
  return absl::StrCat(std::string(1, kCursor), service);
}

absl::StatusOr<std::string> KeyOf(char kind, absl::string_view name) {
  std::vector<absl::string_view> parts = Split(name, 4);
  if (parts.empty()) return Misfit(name);
  std::string key(1, kind);
  AppendId(key, parts[1]);
  AppendId(key, parts[3]);
  return key;
}

std::string PlanOfLine(absl::string_view plan_line) {
  std::vector<absl::string_view> parts = Split(plan_line, 6);
  if (parts.empty() || parts[2] != "plans" || parts[4] != "lines") return "";
  return absl::StrCat("provinces/", parts[1], "/plans/", parts[3]);
}

absl::StatusOr<std::string> BalancePrefix(absl::string_view plan, int year) {
  ASSIGN_OR_RETURN(std::string key, KeyOf(kBalance, plan));
  AppendBigEndian(key, static_cast<uint32_t>(year));
  return key;
}

absl::StatusOr<std::string> BalanceKey(const budgeting::v1::Account& account) {
  std::vector<absl::string_view> parts = Split(account.plan_line(), 6);
  if (parts.empty()) return Misfit(account.plan_line());
  ASSIGN_OR_RETURN(std::string key,
                   BalancePrefix(PlanOfLine(account.plan_line()), account.budget_year()));
  AppendId(key, parts[5]);
  AppendId(key, account.funding_source());
  return key;
}

absl::StatusOr<std::string> OfPlanPrefix(absl::string_view plan, char kind) {
  ASSIGN_OR_RETURN(std::string key, KeyOf(kOfPlan, plan));
  key.push_back(kind);
  return key;
}

absl::StatusOr<std::string> OfPlanKey(absl::string_view plan, char kind, absl::string_view name) {
  ASSIGN_OR_RETURN(std::string key, OfPlanPrefix(plan, kind));
  absl::StrAppend(&key, name);
  return key;
}

}  // namespace nscl::reporting::rows
