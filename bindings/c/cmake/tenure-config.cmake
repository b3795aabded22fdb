# find_package(tenure) gives tenure::tenure, the shared library, and tenure::static.
get_filename_component(_tenure_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)

if(NOT TARGET tenure::tenure)
  add_library(tenure::tenure SHARED IMPORTED)
  set_target_properties(tenure::tenure PROPERTIES
    IMPORTED_LOCATION "${_tenure_prefix}/lib/libtenure.so"
    IMPORTED_SONAME "libtenure.so.@ABI@"
    INTERFACE_INCLUDE_DIRECTORIES "${_tenure_prefix}/include")

  add_library(tenure::static STATIC IMPORTED)
  set_target_properties(tenure::static PROPERTIES
    IMPORTED_LOCATION "${_tenure_prefix}/lib/libtenure.a"
    INTERFACE_INCLUDE_DIRECTORIES "${_tenure_prefix}/include"
    INTERFACE_LINK_LIBRARIES "@NATIVE_STATIC_LIBS@")
endif()

unset(_tenure_prefix)
