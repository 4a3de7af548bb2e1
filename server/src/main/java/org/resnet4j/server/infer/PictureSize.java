package org.resnet4j.server.infer;

/** The size of an upright picture in pixels. */
record PictureSize(int width, int height) {}
