package org.resnet4j.training;

import java.io.Serializable;
import org.resnet4j.support.Check;

/**
 * The settings of an optimizer. Formulas and defaults are PyTorch's.
 *
 * @since 0.1.0
 */
public sealed interface Optimizer extends Serializable {
    /** Returns the weight decay: an L2 penalty for SGD, decoupled for AdamW; 0 for none. */
    double weightDecay();

    /** Returns true if weight decay also applies to normalization parameters and biases. */
    boolean decayNormAndBias();

    /**
     * Stochastic gradient descent: {@code g = dw + weightDecay·w; v = momentum·v + g; w −= rate·(nesterov ? g +
     * momentum·v : v)}.
     *
     * @param momentum from 0 (none) to below 1
     * @param nesterov true for Nesterov momentum; requires {@code momentum} above 0
     */
    record Sgd(double momentum, boolean nesterov, double weightDecay, boolean decayNormAndBias) implements Optimizer {
        public Sgd {
            Check.share("momentum", momentum);
            Check.notNegative("weight decay", weightDecay);
            if (nesterov && momentum == 0) {
                throw new IllegalArgumentException("Nesterov's step needs a momentum above 0");
            }
        }

        /** Creates the settings of the residual network papers: momentum 0.9, weight decay 1e-4 on every parameter. */
        public Sgd() {
            this(0.9, false, 1e-4, true);
        }
    }

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
     *
     * @param beta1 decay of the mean of the gradients, from 0 to below 1
     * @param beta2 decay of the mean of the squared gradients, from 0 to below 1
     * @param epsilon added to the square root of the mean of the squared gradients
     */
    record AdamW(double beta1, double beta2, double epsilon, double weightDecay, boolean decayNormAndBias)
            implements Optimizer {
        public AdamW {
            Check.share("beta1", beta1);
            Check.share("beta2", beta2);
            Check.positive("epsilon", epsilon);
            Check.notNegative("weight decay", weightDecay);
        }

        /** Creates the default settings: betas 0.9 and 0.999, epsilon 1e-8, decay 0.01 on weights only. */
        public AdamW() {
            this(0.9, 0.999, 1e-8, 0.01, false);
        }
    }
}
