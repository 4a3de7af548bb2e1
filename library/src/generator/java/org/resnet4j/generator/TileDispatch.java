package org.resnet4j.generator;

/** A writer of the switch from a tile to its method. */
final class TileDispatch {
    private TileDispatch() {}

    static void write(Source source, TileSize.Use use, String method, String arguments) {
        source.open("switch (tile)");
        for (TileSize tile : Tiles.ALL) {
            String action = tile.has(use)
                    ? tile.method(method) + "(" + arguments + ")"
                    : "throw new IllegalArgumentException(tile + \" has no " + method + "\")";
            source.add("case " + tile.constant() + " -> " + action + ";");
        }
        source.close();
    }
}
