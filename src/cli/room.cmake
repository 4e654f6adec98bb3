# YAML for the demo's scripts, which are built in: demo/NAME.yaml becomes generated/demo_NAME.cpp, made anew when it changes.
find_package(yaml-cpp REQUIRED)
target_link_libraries(sluice_cli PRIVATE yaml-cpp)
foreach(script log4shell krack meltdown)
  set(made ${CMAKE_BINARY_DIR}/generated/demo_${script}.cpp)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_SOURCE_DIR}/demo/${script}.yaml -DNAME=${script} -DOUTPUT=${made} -P ${CMAKE_SOURCE_DIR}/src/cli/demo_script.cmake
    DEPENDS ${CMAKE_SOURCE_DIR}/demo/${script}.yaml ${CMAKE_SOURCE_DIR}/src/cli/demo_script.cmake
    VERBATIM)
  target_sources(sluice_cli PRIVATE ${made})
endforeach()
