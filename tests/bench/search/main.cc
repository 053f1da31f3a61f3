// The search engine against SQLite's FTS5 and, where a database is given, PostgreSQL's pg_trgm: the
// same folded names, the same texts looked for, fifty answers each. Rounds alternate; one line of
// JSON with the medians of every round.
//
//   bench_search --names=1000000 --rounds=5 [--postgres="host=... dbname=..."]
//   bench_search --names=1000000 --queries=FILE      only writes texts to look for, for bench_load
#include <libpq-fe.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/text/search_key.h"
#include "services/registry/search/index.h"
#include "tests/bench/load/names.h"

ABSL_FLAG(uint64_t, names, 1'000'000, "names of enterprises");
ABSL_FLAG(uint64_t, seed, 1, "of the names");
ABSL_FLAG(int32_t, rounds, 5, "rounds");
ABSL_FLAG(int32_t, queries_per_round, 300, "texts of each kind looked for in a round");
ABSL_FLAG(std::string, folder, "/tmp", "folder for the files of the peers and the saved index");
ABSL_FLAG(std::string, postgres, "",
          "connection string of a database for pg_trgm; empty: left out");
ABSL_FLAG(bool, peers, true, "measure FTS5 beside ours");
ABSL_FLAG(std::string, queries, "",
          "file for texts, \"<kind>\\t<text>\" a line; nothing is measured");

namespace nscl::bench {
namespace {

using registry::search::Index;
using registry::search::Pattern;
using Clock = std::chrono::steady_clock;

constexpr int kLimit = 50;

double MicrosSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

// --- What is looked for -------------------------------------------------------------------------

struct Texts {
  std::vector<std::string> prefix;     // the beginning of a name, into its fourth word and further
  std::vector<std::string> words;      // two words of one name, the later one first
  std::vector<std::string> substring;  // from within a word to within the next
  std::vector<std::string> pair;       // two words that follow one another
  std::vector<std::string> rare;       // the three rarest words of a name
};

class TextMaker {
 public:
  explicit TextMaker(const std::vector<std::string>& keys) : keys_(keys) {
    for (const std::string& key : keys) {
      for (absl::string_view word : absl::StrSplit(key, ' ')) ++frequency_[std::string(word)];
    }
  }

  Texts Make(size_t count, uint64_t seed) const {
    std::mt19937_64 random(seed);
    Texts texts;
    while (texts.rare.size() < count) {
      const std::string& key = keys_[random() % keys_.size()];
      const std::vector<std::string> words = absl::StrSplit(key, ' ');
      if (words.size() < 5) continue;
      texts.prefix.push_back(key.substr(0, key.size() * (50 + random() % 40) / 100));
      const size_t late = words.size() - 1 - random() % 2;
      texts.words.push_back(absl::StrCat(words[late], " ", words[2 + random() % (late - 2)]));
      texts.pair.push_back(absl::StrCat(words[late - 1], " ", words[late]));
      const std::string& pair = texts.pair.back();
      const size_t cut = std::min<size_t>(1 + random() % 2, words[late - 1].size() - 1);
      texts.substring.push_back(pair.substr(cut, pair.size() - cut - (words[late].size() > 3)));
      std::vector<std::string> rarest = words;
      std::sort(rarest.begin(), rarest.end(),
                [&](const auto& a, const auto& b) { return frequency_.at(a) < frequency_.at(b); });
      rarest.resize(3);
      texts.rare.push_back(absl::StrJoin(rarest, " "));
    }
    return texts;
  }

 private:
  const std::vector<std::string>& keys_;
  std::map<std::string, uint32_t> frequency_;
};

// --- Ours ---------------------------------------------------------------------------------------

std::unique_ptr<Index> MakeIndex(uint64_t seed, uint64_t count) {
  auto index = std::make_unique<Index>();
  std::vector<registry::search::Document> documents;
  for (uint64_t n = 0; n < count; ++n) {
    registry::search::Attributes attributes;
    attributes.province = 48;
    char key[32];
    std::snprintf(key, sizeof(key), "48/%026llu", static_cast<unsigned long long>(n));
    const std::string name = EnterpriseName(seed, n);
    documents.push_back(registry::search::MakeDocument(key, {name}, TaxCode(n), attributes));
    if (documents.size() == 250'000) index->Fill(std::exchange(documents, {}));
  }
  index->Fill(std::move(documents));
  index->Apply({}, {1, 1, ""});
  while (index->Merge()) {
  }
  return index;
}

size_t Ours(const Index& index, const std::string& text) {
  registry::search::Query query;
  query.pattern = Pattern::Of(text);
  query.scope.provinces.set();
  query.limit = kLimit;
  return index.Search(query).size();
}

// --- SQLite -------------------------------------------------------------------------------------

class Sqlite {
 public:
  Sqlite(const std::string& path, const char* tokenizer, const std::vector<std::string>& keys) {
    std::filesystem::remove(path);
    Check(sqlite3_open(path.c_str(), &db_));
    Run("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-1000000; PRAGMA "
        "mmap_size=2000000000");
    Run(absl::StrCat("CREATE VIRTUAL TABLE names USING fts5(name, tokenize='", tokenizer, "')"));
    Run("BEGIN");
    sqlite3_stmt* insert = Prepare("INSERT INTO names(name) VALUES (?)");
    for (const std::string& key : keys) {
      sqlite3_bind_text(insert, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
      if (sqlite3_step(insert) != SQLITE_DONE) Check(sqlite3_errcode(db_));
      sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    Run("COMMIT");
    Run("INSERT INTO names(names) VALUES ('optimize')");
    select_ =
        Prepare(absl::StrCat("SELECT rowid, name FROM names WHERE names MATCH ? LIMIT ", kLimit));
  }
  ~Sqlite() {
    sqlite3_finalize(select_);
    sqlite3_close(db_);
  }

  size_t Find(const std::string& match) {
    sqlite3_bind_text(select_, 1, match.data(), static_cast<int>(match.size()), SQLITE_STATIC);
    size_t rows = 0;
    while (sqlite3_step(select_) == SQLITE_ROW) ++rows;
    sqlite3_reset(select_);
    return rows;
  }

 private:
  void Check(int code) {
    if (code == SQLITE_OK) return;
    std::cerr << "sqlite: " << sqlite3_errmsg(db_) << "\n";
    std::exit(1);
  }
  void Run(const std::string& sql) {
    Check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr));
  }
  sqlite3_stmt* Prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* select_ = nullptr;
};

// A phrase of FTS5's language for each word, or one of all.
std::string Phrases(const std::string& text) {
  return absl::StrCat(
      "\"", absl::StrJoin(std::vector<std::string>(absl::StrSplit(text, ' ')), "\" \""), "\"");
}
std::string Phrase(const std::string& text) { return absl::StrCat("\"", text, "\""); }

// --- PostgreSQL ---------------------------------------------------------------------------------

class Postgres {
 public:
  Postgres(const std::string& where, const std::vector<std::string>& keys)
      : connection_(PQconnectdb(where.c_str())) {
    Run("CREATE EXTENSION IF NOT EXISTS pg_trgm; DROP TABLE IF EXISTS names;"
        "CREATE TABLE names (id int, name text)");
    PQclear(PQexec(connection_, "COPY names FROM STDIN"));
    for (size_t n = 0; n < keys.size(); ++n) {
      const std::string row = absl::StrCat(n, "\t", keys[n], "\n");
      PQputCopyData(connection_, row.data(), static_cast<int>(row.size()));
    }
    PQputCopyEnd(connection_, nullptr);
    PQclear(PQgetResult(connection_));
    while (PGresult* rest = PQgetResult(connection_)) PQclear(rest);
    Run("CREATE INDEX ON names USING gin (name gin_trgm_ops)");
    Run("VACUUM ANALYZE names");
  }
  ~Postgres() { PQfinish(connection_); }

  size_t Find(const std::string& text) {
    const std::string like = absl::StrCat("%", text, "%");
    const char* values[] = {like.c_str()};
    PGresult* result = PQexecParams(
        connection_,
        absl::StrCat("SELECT id, name FROM names WHERE name LIKE $1 LIMIT ", kLimit).c_str(), 1,
        nullptr, values, nullptr, nullptr, 0);
    const int rows = PQntuples(result);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) Fail();
    PQclear(result);
    return static_cast<size_t>(rows);
  }

 private:
  void Run(const char* sql) {
    PGresult* result = PQexec(connection_, sql);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) Fail();
    PQclear(result);
  }
  void Fail() {
    std::cerr << "postgres: " << PQerrorMessage(connection_) << "\n";
    std::exit(1);
  }

  PGconn* connection_;
};

// --- Measuring ----------------------------------------------------------------------------------

struct Figures {
  double p50_us, p99_us, mean_rows;
};

template <typename Find>
Figures Measure(const std::vector<std::string>& texts, Find find) {
  std::vector<double> micros;
  size_t rows = 0;
  for (const std::string& text : texts) {
    const Clock::time_point begin = Clock::now();
    rows += find(text);
    micros.push_back(MicrosSince(begin));
  }
  std::sort(micros.begin(), micros.end());
  return {micros[micros.size() / 2], micros[micros.size() * 99 / 100],
          static_cast<double>(rows) / static_cast<double>(texts.size())};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void WriteQueries(const TextMaker& maker, const std::string& path) {
  std::ofstream out(path);
  const Texts texts = maker.Make(2000, 99);
  for (const auto& [kind, list] :
       {std::make_pair("prefix", &texts.prefix), std::make_pair("words", &texts.words),
        std::make_pair("substring", &texts.substring)}) {
    for (const std::string& text : *list) out << kind << "\t" << text << "\n";
  }
}

int Main() {
  const uint64_t seed = absl::GetFlag(FLAGS_seed), count = absl::GetFlag(FLAGS_names);
  std::vector<std::string> keys;
  keys.reserve(count);
  for (uint64_t n = 0; n < count; ++n) keys.push_back(text::WordsKey(EnterpriseName(seed, n)));
  const TextMaker maker(keys);
  if (!absl::GetFlag(FLAGS_queries).empty()) {
    WriteQueries(maker, absl::GetFlag(FLAGS_queries));
    return 0;
  }

  nlohmann::json out;
  out["names"] = count;
  Clock::time_point begin = Clock::now();
  std::unique_ptr<Index> index = MakeIndex(seed, count);
  out["build_s"] = MicrosSince(begin) / 1e6;
  out["index_bytes"] = index->bytes();
  const std::string saved = absl::GetFlag(FLAGS_folder) + "/bench_search_index";
  begin = Clock::now();
  if (absl::Status status = index->Save(saved, {"bench", 1}); !status.ok()) {
    std::cerr << status << "\n";
    return 1;
  }
  out["save_s"] = MicrosSince(begin) / 1e6;
  begin = Clock::now();
  auto loaded = Index::Load(saved, {"bench", 1});
  if (!loaded.ok()) {
    std::cerr << loaded.status() << "\n";
    return 1;
  }
  out["load_s"] = MicrosSince(begin) / 1e6;
  index = *std::move(loaded);

  const std::string folder = absl::GetFlag(FLAGS_folder);
  std::unique_ptr<Sqlite> trigram, words;
  if (absl::GetFlag(FLAGS_peers)) {
    trigram = std::make_unique<Sqlite>(folder + "/bench_search_trigram.db", "trigram", keys);
    words = std::make_unique<Sqlite>(folder + "/bench_search_words.db", "unicode61", keys);
  }
  std::unique_ptr<Postgres> postgres;
  if (!absl::GetFlag(FLAGS_postgres).empty()) {
    postgres = std::make_unique<Postgres>(absl::GetFlag(FLAGS_postgres), keys);
  }

  std::map<std::string, std::vector<Figures>> measured;
  for (int round = 0; round < absl::GetFlag(FLAGS_rounds); ++round) {
    const Texts texts =
        maker.Make(static_cast<size_t>(absl::GetFlag(FLAGS_queries_per_round)), round + 1);
    auto ours = [&](const std::string& text) { return Ours(*index, text); };
    auto measure = [&](const std::string& name, const std::vector<std::string>& list, auto find) {
      measured[name].push_back(Measure(list, find));
    };
    measure("prefix ours", texts.prefix, ours);
    measure("words ours", texts.words, ours);
    measure("substring ours", texts.substring, ours);
    measure("two words ours", texts.pair, ours);
    measure("rare ours", texts.rare, ours);
    if (trigram != nullptr) {
      auto in_trigram = [&](auto language) {
        return
            [&trigram, language](const std::string& text) { return trigram->Find(language(text)); };
      };
      measure("substring fts5", texts.substring, in_trigram(Phrase));
      measure("two words fts5", texts.pair, in_trigram(Phrase));
      measure("rare fts5 trigram", texts.rare, in_trigram(Phrases));
      measure("rare fts5 words", texts.rare,
              [&](const std::string& text) { return words->Find(Phrases(text)); });
    }
    if (postgres != nullptr) {
      measure("substring pg_trgm", texts.substring,
              [&](const auto& t) { return postgres->Find(t); });
      measure("two words pg_trgm", texts.pair, [&](const auto& t) { return postgres->Find(t); });
    }
  }
  for (const auto& [name, rounds] : measured) {
    std::vector<double> p50, p99;
    for (const Figures& figures : rounds) {
      p50.push_back(figures.p50_us);
      p99.push_back(figures.p99_us);
    }
    out[name] = {{"p50_us", Median(p50)}, {"p99_us", Median(p99)}, {"rows", rounds[0].mean_rows}};
  }
  auto ratio = [&](const std::string& goal, const std::string& peer, const std::string& ours) {
    if (measured.count(peer) == 0) return;
    std::vector<double> ratios;
    for (size_t i = 0; i < measured[peer].size(); ++i) {
      ratios.push_back(measured[peer][i].p50_us / measured[ours][i].p50_us);
    }
    out["ratios"][goal] = {{"median", Median(ratios)},
                           {"least", *std::min_element(ratios.begin(), ratios.end())},
                           {"most", *std::max_element(ratios.begin(), ratios.end())}};
  };
  ratio("G8a substring against FTS5", "substring fts5", "substring ours");
  ratio("G8a two words against FTS5", "two words fts5", "two words ours");
  ratio("G8a substring against pg_trgm", "substring pg_trgm", "substring ours");
  ratio("G8a two words against pg_trgm", "two words pg_trgm", "two words ours");
  ratio("G8a rare words against FTS5 trigram", "rare fts5 trigram", "rare ours");
  ratio("G8a rare words against FTS5 words", "rare fts5 words", "rare ours");
  std::cout << out.dump(1) << "\n";
  return 0;
}

}  // namespace
}  // namespace nscl::bench

int main(int argc, char** argv) {
  absl::SetProgramUsageMessage("The search engine against FTS5 and pg_trgm.");
  absl::ParseCommandLine(argc, argv);
  return nscl::bench::Main();
}
