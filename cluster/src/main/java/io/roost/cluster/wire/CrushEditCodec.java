package io.roost.cluster.wire;

import io.roost.cluster.crush.CrushDevice;
import io.roost.cluster.crush.CrushEdit;
import io.roost.cluster.object.ByteReader;
import io.roost.cluster.object.ByteWriter;
import io.roost.cluster.object.MalformedBytesException;

/** A change of the hierarchy as bytes: a kind byte, then the record's fields in order. */
final class CrushEditCodec {
    private static final int ADD_BUCKET = 1;
    private static final int REMOVE_BUCKET = 2;
    private static final int MOVE = 3;
    private static final int SET_WEIGHT = 4;
    private static final int SET_CLASS = 5;
    private static final int ADD_RULE = 6;
    private static final int REMOVE_RULE = 7;
    private static final int ADD_DEVICE = 8;
    private static final int REMOVE_DEVICE = 9;

    private CrushEditCodec() {}

    static void write(ByteWriter out, CrushEdit edit) {
        if (edit instanceof CrushEdit.AddBucket add) {
            out.u8(ADD_BUCKET).text(add.name()).text(add.type()).text(add.parent());
        } else if (edit instanceof CrushEdit.RemoveBucket remove) {
            out.u8(REMOVE_BUCKET).text(remove.name());
        } else if (edit instanceof CrushEdit.Move move) {
            out.u8(MOVE).text(move.name()).text(move.parent());
        } else if (edit instanceof CrushEdit.SetWeight set) {
            out.u8(SET_WEIGHT).u32(set.device()).u32(set.weight());
        } else if (edit instanceof CrushEdit.SetClass set) {
            out.u8(SET_CLASS).u32(set.device()).text(set.deviceClass());
        } else if (edit instanceof CrushEdit.AddRule add) {
            out.u8(ADD_RULE)
                    .text(add.name())
                    .text(add.root())
                    .text(add.failureDomain())
                    .text(add.deviceClass());
        } else if (edit instanceof CrushEdit.RemoveRule remove) {
            out.u8(REMOVE_RULE).text(remove.name());
        } else if (edit instanceof CrushEdit.AddDevice add) {
            CrushDevice device = add.device();
            out.u8(ADD_DEVICE).u32(device.id()).text(device.name()).text(device.deviceClass());
            out.text(add.host()).u32(add.weight());
        } else if (edit instanceof CrushEdit.RemoveDevice remove) {
            out.u8(REMOVE_DEVICE).u32(remove.device());
        }
    }

    static CrushEdit read(ByteReader in) {
        int kind = in.u8();
        return switch (kind) {
            case ADD_BUCKET -> new CrushEdit.AddBucket(in.text(), in.text(), in.text());
            case REMOVE_BUCKET -> new CrushEdit.RemoveBucket(in.text());
            case MOVE -> new CrushEdit.Move(in.text(), in.text());
            case SET_WEIGHT -> new CrushEdit.SetWeight(in.u32(), in.u32());
            case SET_CLASS -> new CrushEdit.SetClass(in.u32(), in.text());
            case ADD_RULE -> new CrushEdit.AddRule(in.text(), in.text(), in.text(), in.text());
            case REMOVE_RULE -> new CrushEdit.RemoveRule(in.text());
            case ADD_DEVICE ->
                new CrushEdit.AddDevice(new CrushDevice(in.u32(), in.text(), in.text()), in.text(), in.u32());
            case REMOVE_DEVICE -> new CrushEdit.RemoveDevice(in.u32());
            default -> throw new MalformedBytesException("change of the hierarchy " + kind);
        };
    }
}
