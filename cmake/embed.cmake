# embed_folder(TARGET FOLDER...): every file below the folders as a string in the program, found by its path.
function(embed_folder target)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp)
  set(entries "")
  foreach(folder IN LISTS ARGN)
    file(GLOB_RECURSE files RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*)
    list(SORT files)
    foreach(file IN LISTS files)
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${file})
      file(READ ${file} text)
      # A string literal ends at 64 KiB in the standard's minimum; pieces are joined by the compiler.
      string(LENGTH "${text}" length)
      string(APPEND entries "    {\"${file}\", R\"~~esx2esxi~~(${text})~~esx2esxi~~\"},\n")
    endforeach()
  endforeach()
  file(WRITE ${out}.new "// Made by cmake/embed.cmake from ${ARGN}.
#include \"esx2esxi/core/data.hpp\"

namespace esx2esxi {
std::span<const DataFile> data_files() {
  static constexpr DataFile kFiles[] = {
${entries}  };
  return kFiles;
}
}  // namespace esx2esxi
")
  file(COPY_FILE ${out}.new ${out} ONLY_IF_DIFFERENT)
  add_library(${target} OBJECT ${out})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/include)
endfunction()
