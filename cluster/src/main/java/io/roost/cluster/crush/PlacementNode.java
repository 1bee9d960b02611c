package io.roost.cluster.crush;

import java.util.List;

/** A bucket as the mapper walks it: ids and weights in arrays. */
final class PlacementNode {
    final int id;
    final int type;
    final int[] items;
    private final int[] weights;
    final BucketAlgorithm algorithm;

    PlacementNode(int id, int type, BucketAlgorithm algorithm, List<CrushItem> items) {
        this.id = id;
        this.type = type;
        this.algorithm = algorithm;
        this.items = new int[items.size()];
        this.weights = new int[items.size()];
        for (int i = 0; i < this.items.length; i++) {
            this.items[i] = items.get(i).id();
            this.weights[i] = items.get(i).weight();
        }
    }

    int size() {
        return items.length;
    }

    /** The item that input x chooses at attempt r; the bucket must not be empty. */
    int choose(int x, int r) {
        return algorithm == BucketAlgorithm.UNIFORM ? permuted(x, r) : Straw2.choose(x, r, items, weights);
    }

    /**
     * The item at place r of the bucket's pseudo-random permutation for x: a Fisher-Yates shuffle that is carried only as
     * far as it is needed.
     */
    int permuted(int x, int r) {
        int place = Integer.remainderUnsigned(r, items.length);
        int[] permutation = new int[items.length];
        for (int i = 0; i < permutation.length; i++) {
            permutation[i] = i;
        }
        for (int k = 0; k <= place && k < items.length - 1; k++) {
            int other = k + Integer.remainderUnsigned(JenkinsHash.hash3(x, id, k), items.length - k);
            int swapped = permutation[other];
            permutation[other] = permutation[k];
            permutation[k] = swapped;
        }
        return items[permutation[place]];
    }
}
