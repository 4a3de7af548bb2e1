package org.resnet4j.training.shard;

import java.util.List;

/**
 * The exchange of a process that computes all shards, which has nobody to exchange with.
 *
 * @param shards the number of shards of a batch
 */
public record SingleRank(int shards) implements GradientExchange {
    @Override
    public Ranks ranks() {
        return new Ranks(1, shards);
    }

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public void sum(List<ShardSum> own, ShardSum total) {
        ShardSum all = own.getFirst();
        for (int i = 0; i < total.tensors().size(); i++) {
            float[] from = all.tensors().get(i).array();
            System.arraycopy(
                    from,
                    0,
                    total.tensors().get(i).array(),
                    0,
                    all.tensors().get(i).size());
        }
        System.arraycopy(all.totals(), 0, total.totals(), 0, all.totals().length);
    }
}
