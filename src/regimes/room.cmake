# The files of regimes/ are built in: packs (regimes/*.yaml) and amendments (regimes/overlays/*.yaml) become generated/regimes_NAME.cpp, made anew when one changes.
find_package(yaml-cpp REQUIRED)
target_link_libraries(sluice_regimes PRIVATE yaml-cpp)
file(GLOB packs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/regimes/*.yaml)
file(GLOB overlays CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/regimes/overlays/*.yaml)
foreach(name packs overlays)
  set(made ${CMAKE_BINARY_DIR}/generated/regimes_built_in_${name}.cpp)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${${name}}" -DNAME=built_in_${name} -DOUTPUT=${made} -P ${CMAKE_SOURCE_DIR}/src/regimes/built_in.cmake
    DEPENDS ${${name}} ${CMAKE_SOURCE_DIR}/src/regimes/built_in.cmake
    VERBATIM)
  set_source_files_properties(${made} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(sluice_regimes PRIVATE ${made})
endforeach()
# What notices ask for: regimes/notices/forms.yaml becomes generated/regimes_notices.cpp.
set(notices ${CMAKE_BINARY_DIR}/generated/regimes_notices.cpp)
add_custom_command(
  OUTPUT ${notices}
  COMMAND ${CMAKE_COMMAND} -DFILE=${CMAKE_SOURCE_DIR}/regimes/notices/forms.yaml -DOUTPUT=${notices} -P ${CMAKE_SOURCE_DIR}/src/regimes/notice_built_in.cmake
  DEPENDS ${CMAKE_SOURCE_DIR}/regimes/notices/forms.yaml ${CMAKE_SOURCE_DIR}/src/regimes/notice_built_in.cmake
  VERBATIM)
set_source_files_properties(${notices} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
target_sources(sluice_regimes PRIVATE ${notices})
