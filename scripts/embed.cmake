# embed.cmake: files as arrays of a C source. -DOUT=FILE.c -DFILES=a.css;b.js: each becomes
# `const char a_css[]` and its length.
set(text "#include <stddef.h>\n")
foreach(file IN LISTS FILES)
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} name)
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND text "extern const char ${name}[];\nextern const size_t ${name}_len;\n"
        "const char ${name}[] = {\n${bytes}0 };\n"
        "const size_t ${name}_len = sizeof ${name} - 1;\n")
endforeach()
file(WRITE ${OUT} "${text}")
