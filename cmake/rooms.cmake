function(together target)
  if(SLUICE_TOGETHER GREATER 1 AND NOT target STREQUAL "sluice_cli")  # whose files of verbs are tables of one form
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${SLUICE_TOGETHER})
  endif()
endfunction()

# room(NAME HEADERS base|site SEES other rooms USES libraries): a static library of src/NAME/**.cpp (but *_test.cpp and main.cpp), and NAME_test of its *_test.cpp.
# A room without sources yet is an empty interface, so that arrows to it can stand before it is furnished.
#
# Both are compiled some files at a time (SLUICE_TOGETHER of them), since most of a file's time is its headers': a name in an unnamed namespace is its
# room's alone, then, and is defined once in it. What two files share goes to a header. HEADERS says which precompiled ones it takes (precompiled.cmake).
function(room name)
  cmake_parse_arguments(R "" "HEADERS" "SEES;USES" ${ARGN})
  file(GLOB_RECURSE all CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(seen)
  foreach(other ${R_SEES})
    list(APPEND seen sluice_${other})
  endforeach()
  if(sources)
    add_library(sluice_${name} STATIC ${sources})
    together(sluice_${name})
    precompiled(sluice_${name} ${R_HEADERS})
    target_include_directories(sluice_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src PRIVATE ${CMAKE_BINARY_DIR}/generated)
    target_link_libraries(sluice_${name} PUBLIC ${seen} ${R_USES})
    if(EXISTS ${CMAKE_SOURCE_DIR}/src/${name}/room.cmake)
      include(${CMAKE_SOURCE_DIR}/src/${name}/room.cmake)
    endif()
  else()
    add_library(sluice_${name} INTERFACE)
    target_include_directories(sluice_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src)
    target_link_libraries(sluice_${name} INTERFACE ${seen} ${R_USES})
  endif()
  if(SLUICE_TESTS AND tests)
    add_executable(${name}_test ${tests} ${CMAKE_SOURCE_DIR}/tests/main.cpp)
    together(${name}_test)
    precompiled(${name}_test ${R_HEADERS})
    set_source_files_properties(${CMAKE_SOURCE_DIR}/tests/main.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)  # doctest's own code
    target_link_libraries(${name}_test PRIVATE sluice_${name} rapidcheck)
    target_compile_definitions(${name}_test PRIVATE SLUICE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name}_test)
    list(LENGTH tests most)
    set_tests_properties(${name} PROPERTIES COST ${most})  # rooms with many test files begin first
  endif()
endfunction()
