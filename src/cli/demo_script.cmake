# cmake -DFILE=… -DNAME=… -DOUTPUT=… -P demo_script.cmake: writes the C++ source that holds one of the demo's scripts, as numbers, since a literal may not grow that long.
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," numbers "${hex}")
set(source "// Made from demo/${NAME}.yaml by demo_script.cmake.\n#include \"cli/demo.h\"\n\nnamespace sluice::cli {\n\nstd::string_view ${NAME}_script() {\n")
string(APPEND source "  static constexpr unsigned char kScript[] = {${numbers}0};\n  return {reinterpret_cast<const char*>(kScript), sizeof kScript - 1};\n}\n\n}  // namespace sluice::cli\n")
file(WRITE ${OUTPUT} "${source}")
