// Boost.Asio and Boost.Beast, compiled once (both are used with separate compilation).
#include <utility>  // boost/asio 1.74 misses it

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
