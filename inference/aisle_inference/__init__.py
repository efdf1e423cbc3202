"""The adviser: item associations learnt from transactions, an ONNX graph, and reasons that are causes."""
