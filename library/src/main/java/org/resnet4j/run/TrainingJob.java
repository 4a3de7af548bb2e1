package org.resnet4j.run;

import org.resnet4j.dataset.Augmentation;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.SessionSettings;

/**
 * The parts of a run of a whole network that determine its batches, and what is computed from them.
 *
 * @param data the samples
 * @param network the network; it has the weights of the run
 * @param transform the preprocessing of images in validation
 * @param augmentation the augmentation of training images
 * @param loading batch size, seed, strictness
 * @param session the settings of the optimizer and the regularization
 * @param shards the number of shards of a batch
 * @param leastImages the smallest shard that the network can be trained on
 */
public record TrainingJob(
        DatasetSplits data,
        ResNet network,
        EvaluationTransform transform,
        Augmentation augmentation,
        LoaderOptions loading,
        SessionSettings session,
        int shards,
        int leastImages) {}
