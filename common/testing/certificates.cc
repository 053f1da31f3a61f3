#include "common/testing/certificates.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>

namespace nscl::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)>;
using Cert = std::unique_ptr<X509, void (*)(X509*)>;

void Extend(X509* cert, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, cert, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  ASSERT_NE(extension, nullptr) << value;
  X509_add_ext(cert, extension, -1);
  X509_EXTENSION_free(extension);
}

}  // namespace

Certificate MakeCertificate(const char* name, const char* san, const Certificate* ca, int days) {
  Certificate made;
  made.key = Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  made.cert = Cert(X509_new(), X509_free);
  X509* cert = made.cert.get();
  static long serial = 1;  // NOLINT: OpenSSL's type
  X509_set_version(cert, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
  X509_gmtime_adj(X509_getm_notBefore(cert), days < 0 ? -100L * 86400 : -3600);
  X509_gmtime_adj(X509_getm_notAfter(cert), 86400L * days);
  X509_set_pubkey(cert, made.key.get());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name), -1, -1, 0);
  X509* issuer = ca == nullptr ? cert : ca->cert.get();
  X509_set_issuer_name(cert, X509_get_subject_name(issuer));
  Extend(cert, issuer, NID_basic_constraints, ca == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (san != nullptr) Extend(cert, issuer, NID_subject_alt_name, san);
  X509_sign(cert, ca == nullptr ? made.key.get() : ca->key.get(), EVP_sha256());
  return made;
}

PemFiles WritePem(const std::string& path, const Certificate& certificate, const Certificate& ca) {
  PemFiles files{path + ".key", path + ".crt", path + ".ca"};
  std::FILE* key = std::fopen(files.key.c_str(), "w");
  PEM_write_PrivateKey(key, certificate.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(key);
  ::chmod(files.key.c_str(), 0600);
  std::FILE* cert = std::fopen(files.cert.c_str(), "w");
  PEM_write_X509(cert, certificate.cert.get());
  std::fclose(cert);
  std::FILE* root = std::fopen(files.ca.c_str(), "w");
  PEM_write_X509(root, ca.cert.get());
  std::fclose(root);
  return files;
}

}  // namespace nscl::testing
