# YAML for the demo's script, which is built in: demo/log4shell.yaml becomes generated/demo_script.cpp, made anew when it changes.
find_package(yaml-cpp REQUIRED)
target_link_libraries(sluice_cli PRIVATE yaml-cpp)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/demo_script.cpp
  COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_SOURCE_DIR}/demo/log4shell.yaml -DOUTPUT=${CMAKE_BINARY_DIR}/generated/demo_script.cpp -P ${CMAKE_SOURCE_DIR}/src/cli/demo_script.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/demo/log4shell.yaml ${CMAKE_SOURCE_DIR}/src/cli/demo_script.cmake
  VERBATIM)
target_sources(sluice_cli PRIVATE ${CMAKE_BINARY_DIR}/generated/demo_script.cpp)
