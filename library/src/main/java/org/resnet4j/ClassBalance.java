package org.resnet4j;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.training.TrainingRecipe;

/** Weights that make up for classes of unequal size. */
final class ClassBalance {
    private ClassBalance() {}

    /** Returns a recipe with a loss that is balanced over the training images. */
    static TrainingRecipe of(TrainingRecipe recipe, DatasetSplits data) {
        return recipe.withSession(recipe.session().withClassWeights(weights(data.train())));
    }

    /**
     * Returns n / (k · n_c) for each class: n images, k classes, n_c images of the class, as {@code
     * class_weight='balanced'} of scikit-learn. Over the images, the mean weight is 1.
     */
    static List<Float> weights(Dataset dataset) {
        int[] counts = new int[dataset.classes().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        var weights = new ArrayList<Float>();
        for (int count : counts) {
            weights.add(count == 0 ? 0 : (float) ((double) dataset.size() / counts.length / count));
        }
        return weights;
    }
}
