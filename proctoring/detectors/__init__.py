"""Detectors: a picture in, faces out. The only package that imports MediaPipe and OpenCV."""
