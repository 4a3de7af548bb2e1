/** Reads the reference values that {@code src/test/python/pytorch_fixtures.py} wrote, and makes the same inputs. */
package org.resnet4j.pytorch;
