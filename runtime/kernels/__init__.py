"""Kernels: plain functions on plain values, one module or package a namespace; `algorithms` holds no operators."""
