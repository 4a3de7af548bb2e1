package org.resnet4j.spark.exchange;

/**
 * The memory that holds the sum of a node of the tree.
 *
 * @param rank the rank
 * @param slot the position in the list of its own nodes
 */
record Place(int rank, int slot) {}
