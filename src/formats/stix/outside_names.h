// Names that STIX takes from elsewhere, each list sorted: those in wide use, since the registries themselves are on the network.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace sluice::formats::stix {

// clang-format off
// A PDF's document information dictionary, ISO 32000 §14.3.3.
inline constexpr std::array<std::string_view, 9> kPdfKeys{
    "Author", "CreationDate", "Creator", "Keywords", "ModDate", "Producer", "Subject", "Title", "Trapped"};

// Requests' header fields: RFC 9110, 9111, 6265, 6455, 7239, 8942, and some without a registration.
inline constexpr std::array<std::string_view, 74> kRequestHeaders{
    "A-IM", "Accept", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers", "Access-Control-Request-Method",
    "Authorization", "Cache-Control", "Connection", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location", "Content-MD5", "Content-Type", "Cookie",
    "DNT", "Date", "Device-Memory", "Early-Data", "Expect", "Forwarded", "From", "Front-End-Https", "HTTP2-Settings", "Host", "If-Match", "If-Modified-Since",
    "If-None-Match", "If-Range", "If-Unmodified-Since", "Keep-Alive", "Max-Forwards", "Origin", "Pragma", "Proxy-Authorization", "Proxy-Connection", "Range", "Referer",
    "Save-Data", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Sec-WebSocket-Extensions", "Sec-WebSocket-Key", "Sec-WebSocket-Protocol",
    "Sec-WebSocket-Version", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Upgrade-Insecure-Requests", "User-Agent", "Via", "Warning", "X-ATT-DeviceId",
    "X-Correlation-ID", "X-Csrf-Token", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Proto", "X-Http-Method-Override", "X-Originating-IP",
    "X-ProxyUser-Ip", "X-Real-IP", "X-Request-ID", "X-Requested-With", "X-UIDH", "X-Wap-Profile", "X-XSRF-TOKEN"};

// Socket options of POSIX, Linux (socket(7), ip(7), ipv6(7), tcp(7)) and Winsock.
inline constexpr std::array<std::string_view, 178> kSocketOptions{
    "ICMP6_FILTER", "ICMP_FILTER", "IPV6_ADDRFORM", "IPV6_ADD_MEMBERSHIP", "IPV6_AUTHHDR", "IPV6_CHECKSUM", "IPV6_DONTFRAG", "IPV6_DROP_MEMBERSHIP", "IPV6_DSTOPTS",
    "IPV6_FLOWINFO", "IPV6_HDRINCL", "IPV6_HOPLIMIT", "IPV6_HOPOPTS", "IPV6_JOIN_GROUP", "IPV6_LEAVE_GROUP", "IPV6_MTU", "IPV6_MTU_DISCOVER", "IPV6_MULTICAST_HOPS",
    "IPV6_MULTICAST_IF", "IPV6_MULTICAST_LOOP", "IPV6_NEXTHOP", "IPV6_PATHMTU", "IPV6_PKTINFO", "IPV6_PROTECTION_LEVEL", "IPV6_RECVDSTOPTS", "IPV6_RECVERR",
    "IPV6_RECVHOPLIMIT", "IPV6_RECVHOPOPTS", "IPV6_RECVIF", "IPV6_RECVPATHMTU", "IPV6_RECVPKTINFO", "IPV6_RECVRTHDR", "IPV6_RECVTCLASS", "IPV6_ROUTER_ALERT", "IPV6_RTHDR",
    "IPV6_TCLASS", "IPV6_UNICAST_HOPS", "IPV6_UNICAST_IF", "IPV6_USE_MIN_MTU", "IPV6_V6ONLY", "IP_ADD_MEMBERSHIP", "IP_ADD_SOURCE_MEMBERSHIP", "IP_BIND_ADDRESS_NO_PORT",
    "IP_BLOCK_SOURCE", "IP_DONTFRAGMENT", "IP_DROP_MEMBERSHIP", "IP_DROP_SOURCE_MEMBERSHIP", "IP_FREEBIND", "IP_HDRINCL", "IP_MSFILTER", "IP_MTU", "IP_MTU_DISCOVER",
    "IP_MULTICAST_ALL", "IP_MULTICAST_IF", "IP_MULTICAST_LOOP", "IP_MULTICAST_TTL", "IP_NODEFRAG", "IP_OPTIONS", "IP_ORIGINAL_ARRIVAL_IF", "IP_PKTINFO",
    "IP_RECEIVE_BROADCAST", "IP_RECVDSTADDR", "IP_RECVERR", "IP_RECVIF", "IP_RECVOPTS", "IP_RECVORIGDSTADDR", "IP_RECVTOS", "IP_RECVTTL", "IP_RETOPTS", "IP_ROUTER_ALERT",
    "IP_TOS", "IP_TRANSPARENT", "IP_TTL", "IP_UNBLOCK_SOURCE", "IP_UNICAST_IF", "IP_WFP_REDIRECT_CONTEXT", "IP_WFP_REDIRECT_RECORDS", "IRLMP_9WIRE_MODE",
    "IRLMP_DISCOVERY_MODE", "IRLMP_ENUMDEVICES", "IRLMP_EXCLUSIVE_MODE", "IRLMP_IAS_QUERY", "IRLMP_IAS_SET", "IRLMP_IRLPT_MODE", "IRLMP_PARAMETERS", "IRLMP_SEND_PDU_LEN",
    "IRLMP_SHARP_MODE", "IRLMP_TINYTP_MODE", "MCAST_BLOCK_SOURCE", "MCAST_JOIN_GROUP", "MCAST_JOIN_SOURCE_GROUP", "MCAST_LEAVE_GROUP", "MCAST_LEAVE_SOURCE_GROUP",
    "MCAST_UNBLOCK_SOURCE", "SO_ACCEPTCONN", "SO_ATTACH_BPF", "SO_ATTACH_FILTER", "SO_BINDTODEVICE", "SO_BROADCAST", "SO_BUSY_POLL", "SO_CONDITIONAL_ACCEPT", "SO_CONNDATA",
    "SO_CONNECT_TIME", "SO_DEBUG", "SO_DETACH_FILTER", "SO_DOMAIN", "SO_DONTLINGER", "SO_DONTROUTE", "SO_ERROR", "SO_EXCLUSIVEADDRUSE", "SO_GROUP_ID", "SO_GROUP_PRIORITY",
    "SO_INCOMING_CPU", "SO_KEEPALIVE", "SO_LINGER", "SO_LOCK_FILTER", "SO_MARK", "SO_MAXDG", "SO_MAX_MSG_SIZE", "SO_NOFCS", "SO_NOSIGPIPE", "SO_OOBINLINE", "SO_OPENTYPE",
    "SO_PASSCRED", "SO_PASSSEC", "SO_PAUSE_ACCEPT", "SO_PEEK_OFF", "SO_PEERCRED", "SO_PEERSEC", "SO_PORT_SCALABILITY", "SO_PRIORITY", "SO_PROTOCOL", "SO_PROTOCOL_INFO",
    "SO_RANDOMIZE_PORT", "SO_RCVBUF", "SO_RCVBUFFORCE", "SO_RCVLOWAT", "SO_RCVTIMEO", "SO_REUSEADDR", "SO_REUSEPORT", "SO_REUSE_MULTICASTPORT", "SO_REUSE_UNICASTPORT",
    "SO_RXQ_OVFL", "SO_SECURITY_AUTHENTICATION", "SO_SELECT_ERR_QUEUE", "SO_SNDBUF", "SO_SNDBUFFORCE", "SO_SNDLOWAT", "SO_SNDTIMEO", "SO_TIMESTAMP", "SO_TIMESTAMPING",
    "SO_TIMESTAMPNS", "SO_TYPE", "SO_UPDATE_ACCEPT_CONTEXT", "SO_UPDATE_CONNECT_CONTEXT", "SO_USELOOPBACK", "SO_ZEROCOPY", "TCP_CONGESTION", "TCP_CORK", "TCP_DEFER_ACCEPT",
    "TCP_EXPEDITED_1122", "TCP_FASTOPEN", "TCP_INFO", "TCP_KEEPALIVE", "TCP_KEEPCNT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_LINGER2", "TCP_MAXRT", "TCP_MAXSEG", "TCP_MD5SIG",
    "TCP_NODELAY", "TCP_NOPUSH", "TCP_QUICKACK", "TCP_SYNCNT", "TCP_TIMESTAMPS", "TCP_USER_TIMEOUT", "TCP_WINDOW_CLAMP"};
// clang-format on

static_assert(std::is_sorted(kPdfKeys.begin(), kPdfKeys.end()) && std::is_sorted(kRequestHeaders.begin(), kRequestHeaders.end()) && std::is_sorted(kSocketOptions.begin(), kSocketOptions.end()));

}  // namespace sluice::formats::stix
