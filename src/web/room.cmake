# Stylesheet, script and icon are built in: src/web/pages/assets/* become generated/assets.cpp, made anew when one is added or changed.
file(GLOB web_assets CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/web/pages/assets/*)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/assets.cpp
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/src/web/pages/assets -DOUTPUT=${CMAKE_BINARY_DIR}/generated/assets.cpp -P ${CMAKE_SOURCE_DIR}/src/web/pages/assets.cmake
  DEPENDS ${web_assets} ${CMAKE_SOURCE_DIR}/src/web/pages/assets.cmake
  VERBATIM)
target_sources(sluice_web PRIVATE ${CMAKE_BINARY_DIR}/generated/assets.cpp)

# So is the web client, where `./dev build` has built it: ui/dist becomes generated/client.cpp.
file(GLOB web_client CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/ui/dist/index.html ${CMAKE_SOURCE_DIR}/ui/dist/assets/*.gz)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/client.cpp
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/ui/dist -DOUTPUT=${CMAKE_BINARY_DIR}/generated/client.cpp -P ${CMAKE_SOURCE_DIR}/src/web/pages/client.cmake
  DEPENDS ${web_client} ${CMAKE_SOURCE_DIR}/src/web/pages/client.cmake
  VERBATIM)
target_sources(sluice_web PRIVATE ${CMAKE_BINARY_DIR}/generated/client.cpp)
