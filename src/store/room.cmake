# The migrations are built in: src/store/migrations/NNNN_name.sql become generated/migrations.cpp, made anew when one is added or changed.
file(GLOB store_migrations CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/store/migrations/*.sql)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/generated/migrations.cpp
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/src/store/migrations -DOUTPUT=${CMAKE_BINARY_DIR}/generated/migrations.cpp -P ${CMAKE_SOURCE_DIR}/src/store/migrations.cmake
  DEPENDS ${store_migrations} ${CMAKE_SOURCE_DIR}/src/store/migrations.cmake
  VERBATIM)
target_sources(sluice_store PRIVATE ${CMAKE_BINARY_DIR}/generated/migrations.cpp)
