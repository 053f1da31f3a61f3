// Every limit of the gRPC side, in one place. Sources: reliability practice of OpenFGA, SpiceDB and
// the gRPC guides; figures that are ours are marked so.
#pragma once

#include <cstddef>

#include "absl/time/time.h"

namespace nscl::rpc::limits {

// Deadlines of unary calls. A caller that gives none gets the default; more than the maximum is cut
// to it.
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(10);
inline constexpr absl::Duration kMaxDeadline = absl::Seconds(30);
// `EventService`: pages of up to 1,000 events.
inline constexpr absl::Duration kFeedDeadline = absl::Seconds(60);
// `StoreService`: backups and verification read every byte. Ours.
inline constexpr absl::Duration kMaintenanceDeadline = absl::Minutes(30);
// A stream ends at the latest then, or with its caller's token; the caller resumes by cursor.
inline constexpr absl::Duration kStreamLifetime = absl::Minutes(30);

// Calls inside a service at once; more are refused with `OVERLOADED`. Ours: 64 clients and the
// followers and runners of four peers must fit, while memory stays bounded.
inline constexpr int kUnaryInFlight = 128;
inline constexpr int kStreamsInFlight = 64;
// The refused come back after a random part of this span.
inline constexpr absl::Duration kRetryAfterLeast = absl::Seconds(1);
inline constexpr absl::Duration kRetryAfterMost = absl::Seconds(5);

// Messages and metadata.
inline constexpr int kMaxReceiveBytes = 1 << 20;
inline constexpr int kMaxBulkReceiveBytes = 4 << 20;  // services that import files
inline constexpr int kMaxSendBytes = 4 << 20;
inline constexpr int kMaxMetadataBytes = 8 << 10;  // received by servers; a token has at most 6 KiB
inline constexpr int kMaxClientMetadataBytes = 64 << 10;  // received by our clients: error details
// Serialised google.rpc.Status in the trailers: other clients take 8 KiB in all, base64 included.
inline constexpr size_t kMaxStatusBytes = 5 << 10;

// Connections of servers.
inline constexpr int kMaxConcurrentStreams =
    256;  // ours: the gateway has one connection to a service
inline constexpr absl::Duration kHandshakeTimeout = absl::Seconds(10);
inline constexpr absl::Duration kConnectionIdle = absl::Minutes(5);
inline constexpr absl::Duration kConnectionAge = absl::Minutes(30);
inline constexpr absl::Duration kConnectionAgeGrace = absl::Seconds(30);
inline constexpr absl::Duration kMinPingInterval = absl::Seconds(30);
inline constexpr int kMaxPingStrikes = 2;
// Backstops behind the counter above; the thread quota misfires when it is near real use.
inline constexpr int kMaxThreads = 4 * kUnaryInFlight;
inline constexpr size_t kMaxMemoryBytes = size_t{256} << 20;
inline constexpr size_t kMinFileDescriptors = 65536;

// Connections of clients.
inline constexpr absl::Duration kKeepaliveTime = absl::Seconds(60);
inline constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(20);

// Unary calls of ours to one peer at once: one for every call that was let in, or calls that the
// door has taken would fail for want of places behind it. After so many failures in a row none for
// a while.
inline constexpr int kPeerInFlight = kUnaryInFlight;
inline constexpr int kPeerFailures = 10;
inline constexpr absl::Duration kPeerRest = absl::Seconds(5);

// Certificates are looked at again after so long.
inline constexpr absl::Duration kCertificateReload = absl::Minutes(10);

// SIGTERM: not serving at once, calls still taken while load balancers notice, then running calls
// finish.
inline constexpr absl::Duration kDrainAccept = absl::Seconds(5);
inline constexpr absl::Duration kDrainFinish = absl::Seconds(20);

}  // namespace nscl::rpc::limits
