"""Kernels: plain functions on plain values, one module a namespace."""
