package io.roost.cluster.crush;

/**
 * The text form of a map, as crushtool compiles and decompiles it: tunables, devices, types, buckets, rules.
 *
 * <p>Weights are single-precision floats times 65536, truncated, as crushtool reads them; weights of 256 and more
 * therefore keep less than their 16 fraction bits.
 */
public final class CrushText {
    private CrushText() {}

    /**
     * Reads a map. Tunables that are not given have their {@link CrushTunables#LEGACY} value; ids that are not given,
     * of buckets and of shadow trees, are assigned from -1 downwards.
     *
     * @throws CrushTextException when the text is no map; it names the line
     */
    public static CrushMap read(String text) {
        return new CrushTextReader(text).read();
    }

    /** Writes a map; {@link #read} gives an equal one for every map that was read. */
    public static String write(CrushMap map) {
        return new CrushTextWriter(map).write();
    }
}
