// Certificates made on the spot, for tests that speak TLS.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

namespace nscl::testing {

struct Certificate {
  std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key{nullptr, EVP_PKEY_free};
  std::unique_ptr<X509, void (*)(X509*)> cert{nullptr, X509_free};
};

// A certificate signed by `ca`, or by itself. `san`: "DNS:localhost,IP:127.0.0.1", or null. `days`
// may be negative: expired.
Certificate MakeCertificate(const char* name, const char* san, const Certificate* ca,
                            int days = 30);

// PEM files <path>.key (0600), .crt and .ca.
struct PemFiles {
  std::string key, cert, ca;
};
PemFiles WritePem(const std::string& path, const Certificate& certificate, const Certificate& ca);

}  // namespace nscl::testing
