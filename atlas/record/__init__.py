"""A pack on disk: read, checked, measured, begun, made from dated polygons."""
