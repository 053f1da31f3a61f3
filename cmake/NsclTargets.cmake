# The functions that every folder's CMakeLists.txt is written in.
#
#   nscl_library(name SRCS a.cc DEPS targets... [PCH grpc])
#   nscl_test(name SRCS a_test.cc DEPS targets... [DATA files...])
#   nscl_binary(name SRCS main.cc DEPS targets...)
#
# One folder is one library, and links only what its place in the design allows (tests/tidy/check, rule
# `links`): what it may not call does not link. Messages and stubs have an include root each, so that stubs do not
# even compile where they are not linked.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(nscl_flags INTERFACE)
target_compile_options(nscl_flags INTERFACE -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
                       $<$<BOOL:${NSCL_WERROR}>:-Werror>)
target_include_directories(nscl_flags INTERFACE ${CMAKE_SOURCE_DIR})
# Assertions stay on in release builds: a wrong invariant must stop the process, not the books.
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELWITHDEBINFO "${CMAKE_CXX_FLAGS_RELWITHDEBINFO}")

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

if(NSCL_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=address,undefined)
elseif(NSCL_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
endif()

function(nscl_library NAME)
  cmake_parse_arguments(A "" "" "SRCS;DEPS" ${ARGN})
  if(A_SRCS)
    add_library(${NAME} STATIC ${A_SRCS})
    target_link_libraries(${NAME} PUBLIC ${A_DEPS} PRIVATE nscl_flags)
    target_include_directories(${NAME} PUBLIC ${CMAKE_SOURCE_DIR})
  else()
    add_library(${NAME} INTERFACE)
    target_link_libraries(${NAME} INTERFACE ${A_DEPS})
    target_include_directories(${NAME} INTERFACE ${CMAKE_SOURCE_DIR})
  endif()
endfunction()

function(nscl_binary NAME)
  cmake_parse_arguments(A "" "" "SRCS;DEPS" ${ARGN})
  add_executable(${NAME} ${A_SRCS})
  target_link_libraries(${NAME} PRIVATE ${A_DEPS} nscl_flags)
endfunction()

# NSCL_SOURCE_DIR is how a test finds the data that the repository ships.
function(nscl_test NAME)
  cmake_parse_arguments(A "" "TIMEOUT" "SRCS;DEPS;LABELS" ${ARGN})
  add_executable(${NAME} ${A_SRCS})
  target_link_libraries(${NAME} PRIVATE ${A_DEPS} GTest::gmock GTest::gtest_main nscl_flags)
  target_compile_definitions(${NAME} PRIVATE NSCL_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  if(NOT A_TIMEOUT)
    set(A_TIMEOUT 120)
  endif()
  add_test(NAME ${NAME} COMMAND ${NAME})
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "${A_LABELS}")
endfunction()
