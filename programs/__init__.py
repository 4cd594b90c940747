"""The shipped RASP programs, one folder a chapter; found by name through
``rasp_lang.library_files``. Holds data only."""
