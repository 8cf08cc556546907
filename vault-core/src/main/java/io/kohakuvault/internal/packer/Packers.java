package io.kohakuvault.internal.packer;

import io.kohakuvault.codec.DType;
import io.kohakuvault.codec.DataPacker;

/** Makes the packers that {@link DataPacker#of} answers. */
public final class Packers implements DataPacker.Provider {
    /** For {@link java.util.ServiceLoader}. */
    public Packers() {}

    @Override
    public DataPacker packer(DType dtype, boolean asInColumns) {
        return new ElementPacker(dtype, asInColumns);
    }
}
