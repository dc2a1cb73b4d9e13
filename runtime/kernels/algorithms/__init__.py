"""The algorithms behind the operators: pure functions on arrays, without geometry, scripts or stores."""
