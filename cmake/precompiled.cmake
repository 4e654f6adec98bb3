# Headers that are compiled once (cmake/precompiled/*.h), since reading headers was half of what a build took. Each is an object library without code of its
# own; a target takes it with precompiled(TARGET base|site). Its flags must be those of the takers, or the compiler says so (-Winvalid-pch) and reads on.
option(SLUICE_PRECOMPILED "Compile common headers once" ON)
if(SLUICE_PRECOMPILED AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)  # what ccache needs to see which header was taken
endif()

# precompiled_headers(NAME rooms and libraries whose headers it has). NAME_cold is NAME's header once more, with -O1 (rooms.cmake: COLD).
function(precompiled_headers name)
  string(REGEX REPLACE "_cold$" "" header ${name})
  if(SLUICE_PRECOMPILED)
    file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/generated/precompiled_${name}.cpp CONTENT "// Nothing: the header is all of this library.\n")
    add_library(precompiled_${name} OBJECT ${CMAKE_BINARY_DIR}/generated/precompiled_${name}.cpp)
    target_include_directories(precompiled_${name} PRIVATE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(precompiled_${name} PRIVATE ${ARGN})
    target_precompile_headers(precompiled_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled/${header}.h)
    if(NOT header STREQUAL name)
      target_compile_options(precompiled_${name} PRIVATE -O1)
    endif()
  endif()
endfunction()

function(precompiled target name)
  if(SLUICE_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM precompiled_${name})
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "EXECUTABLE")  # which CMake would give -fPIE, where the header has -fPIC
      set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
      target_compile_options(${target} PRIVATE -fPIC)
    endif()
  endif()
endfunction()
