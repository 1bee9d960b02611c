package io.roost.cluster.crush;

import java.util.Arrays;

/**
 * One run of a rule: the items so far, the result, and the rule's overrides of the tunables.
 *
 * <p>A choose step searches below each item so far for a number of distinct items of a type, by descending from bucket to
 * bucket; each descent of attempt r is a pure function of (x, r). A descent fails when it ends at something chosen
 * already, at a device that is out, or at an empty bucket; the next attempt raises r. The two modes differ in what r is
 * for a replica and in what a replica that was never found leaves behind, and are the two methods {@link #firstn} and
 * {@link #indep} (Weil et al., SC'06, section 3.2). Attempt numbers, limits and the order of checks decide results, so
 * both follow Ceph's mapper exactly.
 */
final class RuleRun {
    /** A place of an indep choice that is still being searched. */
    private static final int UNDEFINED = 0x7ffffffe;

    private final CrushMapper mapper;
    private final int x;
    private final int resultMax;
    private final int[] weights;
    private final int[] result;
    private int resultSize;
    private final int[] working;
    private int workingSize;
    private int chooseTries;
    private int leafTries;
    private int localTries;
    private int fallbackTries;
    private int varyR;
    private boolean stable;

    RuleRun(CrushMapper mapper, int x, int resultMax, int[] weights) {
        this.mapper = mapper;
        this.x = x;
        this.resultMax = resultMax;
        this.weights = weights;
        result = new int[resultMax];
        working = new int[Math.max(resultMax, 1)];
        CrushTunables tunables = mapper.tunables();
        // The tunable counts retries, the search counts tries.
        chooseTries = tunables.chooseTotalTries() + 1;
        localTries = tunables.chooseLocalTries();
        fallbackTries = tunables.chooseLocalFallbackTries();
        varyR = tunables.chooseleafVaryR();
        stable = tunables.chooseleafStable() > 0;
    }

    int[] run(CrushRule rule) {
        for (CrushStep step : rule.steps()) {
            if (step instanceof CrushStep.Take take) {
                working[0] = take.item();
                workingSize = 1;
            } else if (step instanceof CrushStep.Tune tune) {
                tune(tune);
            } else if (step instanceof CrushStep.Choose choose) {
                choose(choose);
            } else {
                emit();
            }
        }
        return resultSize == result.length ? result : Arrays.copyOf(result, resultSize);
    }

    private void tune(CrushStep.Tune tune) {
        int value = tune.value();
        switch (tune.tunable()) {
            case CHOOSE_TRIES -> chooseTries = value > 0 ? value : chooseTries;
            case CHOOSELEAF_TRIES -> leafTries = value > 0 ? value : leafTries;
            case CHOOSE_LOCAL_TRIES -> localTries = value;
            case CHOOSE_LOCAL_FALLBACK_TRIES -> fallbackTries = value;
            case CHOOSELEAF_VARY_R -> varyR = value;
            case CHOOSELEAF_STABLE -> stable = value > 0;
        }
    }

    private void emit() {
        for (int i = 0; i < workingSize && resultSize < resultMax; i++) {
            result[resultSize++] = working[i];
        }
        workingSize = 0;
    }

    private void choose(CrushStep.Choose step) {
        boolean leaf = step.depth() == CrushStep.Depth.CHOOSELEAF;
        int wanted = step.count() > 0 ? step.count() : step.count() + resultMax;
        int[] next = new int[resultMax];
        int size = 0;
        for (int i = 0; i < workingSize && wanted > 0; i++) {
            PlacementNode from = mapper.node(working[i]);
            if (from == null) {
                continue;
            }
            // Each start fills places of its own: items collide only among these.
            Places places = new Places(resultMax - size, leaf);
            int found;
            if (step.mode() == CrushStep.Mode.FIRSTN) {
                found = firstn(
                        from,
                        new Search(wanted, step.type(), chooseTries, firstnLeafTries(), 0),
                        places,
                        0,
                        places.size());
            } else {
                found = Math.min(wanted, places.size());
                indep(
                        from,
                        new Search(wanted, step.type(), chooseTries, leafTries > 0 ? leafTries : 1, 0),
                        places,
                        0,
                        found);
            }
            System.arraycopy(leaf ? places.leaves : places.items, 0, next, size, found);
            size += found;
        }
        System.arraycopy(next, 0, working, 0, size);
        workingSize = size;
    }

    private int firstnLeafTries() {
        if (leafTries > 0) {
            return leafTries;
        }
        return mapper.tunables().chooseleafDescendOnce() > 0 ? 1 : chooseTries;
    }

    /**
     * Fills places from {@code begin} on, one for each replica that is found.
     *
     * @param count most places to fill
     * @return the place after the last filled
     */
    private int firstn(PlacementNode from, Search search, Places places, int begin, int count) {
        int place = begin;
        int left = count;
        for (int replica = stable ? 0 : begin; replica < search.wanted && left > 0; replica++) {
            if (firstnReplica(from, search, places, place, left, replica)) {
                place++;
                left--;
            }
        }
        return place;
    }

    /** Searches one replica; true when it was found and put at the place. */
    private boolean firstnReplica(PlacementNode from, Search search, Places places, int place, int left, int replica) {
        int failures = 0;
        while (true) {
            PlacementNode in = from;
            int localFailures = 0;
            while (true) {
                int r = replica + search.parentR + failures;
                boolean collides = false;
                boolean rejected = true;
                if (in.size() > 0) {
                    int item = usesPermutation(in, localFailures) ? in.permuted(x, r) : in.choose(x, r);
                    int type = typeOf(item);
                    if (type != search.type) {
                        if (item >= 0 || type == UNKNOWN_TYPE) {
                            return false;
                        }
                        in = mapper.node(item);
                        continue;
                    }
                    if (item >= mapper.maxDevices()) {
                        return false;
                    }
                    collides = places.holds(item, place);
                    rejected = !collides
                            && (!foundLeaf(item, search, places, place, left, r) || (type == 0 && isOut(item)));
                    if (!collides && !rejected) {
                        places.items[place] = item;
                        return true;
                    }
                }
                failures++;
                localFailures++;
                if ((collides && localFailures <= localTries)
                        || (fallbackTries > 0 && localFailures <= in.size() + fallbackTries)) {
                    continue;
                }
                if (failures >= search.tries) {
                    return false;
                }
                break;
            }
        }
    }

    private boolean usesPermutation(PlacementNode in, int localFailures) {
        return fallbackTries > 0 && localFailures >= in.size() >> 1 && localFailures > fallbackTries;
    }

    /** Finds the device below an item where the search wants one; true when none is wanted or it was found. */
    private boolean foundLeaf(int item, Search search, Places places, int place, int left, int r) {
        if (places.leaves == null) {
            return true;
        }
        if (item >= 0) {
            places.leaves[place] = item;
            return true;
        }
        int leafR = varyR > 0 ? r >> (varyR - 1) : 0;
        Search below = new Search(stable ? 1 : place + 1, 0, search.leafTries, 0, leafR);
        return firstn(mapper.node(item), below, new Places(places.leaves), place, left) > place;
    }

    /** Fills the places {@code [begin, begin + count)}, with holes where nothing is found. */
    private void indep(PlacementNode from, Search search, Places places, int begin, int count) {
        int end = begin + count;
        places.fill(begin, end, UNDEFINED);
        int left = count;
        for (int failures = 0; left > 0 && failures < search.tries; failures++) {
            for (int place = begin; place < end; place++) {
                if (places.items[place] == UNDEFINED) {
                    int item = indepItem(from, search, places, begin, end, place, failures);
                    if (item != UNDEFINED) {
                        places.items[place] = item;
                        left--;
                    }
                }
            }
        }
        places.replace(begin, end, UNDEFINED, CrushMapper.NONE);
    }

    /** One descent for one place: the item, NONE when the place can never be filled, or UNDEFINED to try again. */
    private int indepItem(
            PlacementNode from, Search search, Places places, int begin, int end, int place, int failures) {
        PlacementNode in = from;
        while (in.size() > 0) {
            boolean even = in.algorithm == BucketAlgorithm.UNIFORM && in.size() % search.wanted == 0;
            int r = place + search.parentR + (even ? search.wanted + 1 : search.wanted) * failures;
            int item = in.choose(x, r);
            int type = typeOf(item);
            if (item >= mapper.maxDevices() || (type != search.type && (item >= 0 || type == UNKNOWN_TYPE))) {
                places.setLeaf(place, CrushMapper.NONE);
                return CrushMapper.NONE;
            }
            if (type != search.type) {
                in = mapper.node(item);
                continue;
            }
            for (int i = begin; i < end; i++) {
                if (places.items[i] == item) {
                    return UNDEFINED;
                }
            }
            if (places.leaves != null) {
                if (item >= 0) {
                    places.leaves[place] = item;
                } else {
                    Search below = new Search(search.wanted, 0, search.leafTries, 0, r);
                    indep(mapper.node(item), below, new Places(places.leaves), place, 1);
                    if (places.leaves[place] == CrushMapper.NONE) {
                        return UNDEFINED;
                    }
                }
            }
            return type == 0 && isOut(item) ? UNDEFINED : item;
        }
        return UNDEFINED;
    }

    private static final int UNKNOWN_TYPE = -1;

    private int typeOf(int item) {
        if (item >= 0) {
            return 0;
        }
        PlacementNode node = mapper.node(item);
        return node == null ? UNKNOWN_TYPE : node.type;
    }

    private boolean isOut(int device) {
        if (device >= weights.length) {
            return true;
        }
        int weight = weights[device];
        if (weight >= CrushItem.ONE) {
            return false;
        }
        return weight == 0 || (JenkinsHash.hash2(x, device) & 0xffff) >= weight;
    }

    /**
     * What a choose step, or the search for a leaf within it, looks for.
     *
     * @param wanted replicas wanted
     * @param type type of item wanted
     * @param tries descents for one replica
     * @param leafTries descents for the leaf below it
     * @param parentR where attempts start
     */
    private record Search(int wanted, int type, int tries, int leafTries, int parentR) {}

    /** The places to fill, and the leaves below them where those are wanted. */
    private static final class Places {
        private final int[] items;
        private final int[] leaves;

        private Places(int size, boolean withLeaves) {
            items = new int[size];
            leaves = withLeaves ? new int[size] : null;
        }

        private Places(int[] items) {
            this.items = items;
            this.leaves = null;
        }

        private int size() {
            return items.length;
        }

        private boolean holds(int item, int end) {
            for (int i = 0; i < end; i++) {
                if (items[i] == item) {
                    return true;
                }
            }
            return false;
        }

        private void fill(int begin, int end, int item) {
            Arrays.fill(items, begin, end, item);
            if (leaves != null) {
                Arrays.fill(leaves, begin, end, item);
            }
        }

        private void setLeaf(int place, int item) {
            if (leaves != null) {
                leaves[place] = item;
            }
        }

        private void replace(int begin, int end, int from, int to) {
            for (int i = begin; i < end; i++) {
                if (items[i] == from) {
                    items[i] = to;
                }
                if (leaves != null && leaves[i] == from) {
                    leaves[i] = to;
                }
            }
        }
    }
}
