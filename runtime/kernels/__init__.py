"""Kernels: plain functions on plain values, one module or package a namespace; `algorithms` holds no operators."""

from vlc_runtime.collector import paused

with paused():  # which all of them import
    import numpy  # noqa: F401
