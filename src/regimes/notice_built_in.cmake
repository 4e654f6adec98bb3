# cmake -DFILE=forms.yaml -DOUTPUT=… -P notice_built_in.cmake: writes the C++ source that holds the forms, as numbers, since a literal may not grow that long.
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," numbers "${hex}")
file(WRITE ${OUTPUT} "// Made from regimes/notices/forms.yaml by notice_built_in.cmake.\n#include \"regimes/notice_built_in.h\"\n\nnamespace sluice::regimes {\n\nnamespace {\nconstexpr unsigned char kForms[] = {${numbers}0};\n}  // namespace\n\nstd::string_view built_in_notice_forms_text() { return {reinterpret_cast<const char*>(kForms), sizeof kForms - 1}; }\n\n}  // namespace sluice::regimes\n")
