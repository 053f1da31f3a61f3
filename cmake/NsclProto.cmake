# Messages and stubs are two libraries with two include roots (gen/ and gen_grpc/), so that a domain
# file that includes a stub does not compile.
#
#   nscl_messages(name PROTOS rel... DEPS targets...)     -> *.pb.h under gen/
#   nscl_stubs(name PROTOS rel... DEPS targets...)        -> *.grpc.pb.h under gen_grpc/
#
# Debian's google/{api,rpc,type} protos (golang-github-gogo-googleapis-dev) are compiled like ours; what
# that package lacks is declared under protos/google.

set(NSCL_PROTO_ROOT ${CMAKE_SOURCE_DIR}/protos)
set(NSCL_GOOGLEAPIS_ROOT /usr/share/gocode/src/github.com/gogo/googleapis CACHE PATH
    "Where google/api/annotations.proto is found")
if(NOT EXISTS ${NSCL_GOOGLEAPIS_ROOT}/google/api/annotations.proto)
  message(FATAL_ERROR "google/api/annotations.proto not found under ${NSCL_GOOGLEAPIS_ROOT}; install golang-github-gogo-googleapis-dev")
endif()

set(NSCL_GEN ${CMAKE_BINARY_DIR}/gen)
set(NSCL_GEN_GRPC ${CMAKE_BINARY_DIR}/gen_grpc)
file(MAKE_DIRECTORY ${NSCL_GEN} ${NSCL_GEN_GRPC})

function(_nscl_generate KIND OUT_DIR OUT_VAR)
  set(srcs)
  foreach(p ${ARGN})
    string(REGEX REPLACE "\\.proto$" "" base ${p})
    if(EXISTS ${NSCL_PROTO_ROOT}/${p})
      set(source ${NSCL_PROTO_ROOT}/${p})
    else()
      set(source ${NSCL_GOOGLEAPIS_ROOT}/${p})
    endif()
    set(cmd protobuf::protoc -I${NSCL_PROTO_ROOT} -I${NSCL_GOOGLEAPIS_ROOT})
    if(KIND STREQUAL "messages")
      set(out ${OUT_DIR}/${base}.pb.cc ${OUT_DIR}/${base}.pb.h)
      list(APPEND cmd --cpp_out=${OUT_DIR})
      set(plugin)
    else()
      set(out ${OUT_DIR}/${base}.grpc.pb.cc ${OUT_DIR}/${base}.grpc.pb.h)
      list(APPEND cmd --grpc_out=${OUT_DIR} --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin>)
      set(plugin gRPC::grpc_cpp_plugin)
    endif()
    string(REPLACE "/" "_" flat ${base})
    add_custom_command(
      OUTPUT ${out}
      COMMAND ${cmd} --dependency_out=${CMAKE_BINARY_DIR}/proto_deps_${KIND}_${flat}.d ${source}
      DEPENDS ${source} protobuf::protoc ${plugin}
      DEPFILE ${CMAKE_BINARY_DIR}/proto_deps_${KIND}_${flat}.d
      VERBATIM)
    list(APPEND srcs ${out})
  endforeach()
  set(${OUT_VAR} ${srcs} PARENT_SCOPE)
endfunction()

# Linked whole, because descriptors are found by name at run time (reflection, the gateway, OpenAPI):
# a generated file that no code references must still be in the program.
function(nscl_messages NAME)
  cmake_parse_arguments(A "" "" "PROTOS;DEPS" ${ARGN})
  _nscl_generate(messages ${NSCL_GEN} srcs ${A_PROTOS})
  add_library(${NAME}_archive STATIC ${srcs})
  target_include_directories(${NAME}_archive SYSTEM PUBLIC ${NSCL_GEN})
  target_link_libraries(${NAME}_archive PUBLIC protobuf::libprotobuf ${A_DEPS})
  add_library(${NAME} INTERFACE)
  target_include_directories(${NAME} SYSTEM INTERFACE ${NSCL_GEN})
  target_link_libraries(${NAME} INTERFACE "$<LINK_LIBRARY:WHOLE_ARCHIVE,${NAME}_archive>" protobuf::libprotobuf ${A_DEPS})
endfunction()

function(nscl_stubs NAME)
  cmake_parse_arguments(A "" "" "PROTOS;DEPS" ${ARGN})
  _nscl_generate(stubs ${NSCL_GEN_GRPC} srcs ${A_PROTOS})
  add_library(${NAME} STATIC ${srcs})
  target_include_directories(${NAME} SYSTEM PUBLIC ${NSCL_GEN_GRPC})
  target_link_libraries(${NAME} PUBLIC gRPC::grpc++ ${A_DEPS})
endfunction()
