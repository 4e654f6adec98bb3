# fuzz/NAME.cpp becomes the program fuzz_NAME, linked to the rooms it includes (cmake/fuzz.cmake). Taken in by `./dev fuzz` only (CMAKE_PROJECT_sluice_INCLUDE),
# and run at the end of CMakeLists.txt, when the rooms are there.
function(sluice_fuzz_targets)
  file(GLOB targets CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fuzz/*.cpp)
  foreach(source ${targets})
    get_filename_component(name ${source} NAME_WE)
    add_executable(fuzz_${name} ${source})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_compile_definitions(fuzz_${name} PRIVATE SLUICE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    sluice_fuzz_rooms(fuzz_${name} ${source})
  endforeach()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL sluice_fuzz_targets)
