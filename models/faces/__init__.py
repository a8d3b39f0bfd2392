"""The default face pack, rebuilt as ONNX from the weights inside the npm package ``@vladmandic/face-api``."""
