package org.resnet4j.cli.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.resnet4j.cli.shell.Nearest;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import picocli.CommandLine.Model.CommandSpec;

/** The names in the catalog, for completion in the shell, to check arguments and to list them. */
public final class NetworkNames implements Iterable<String> {
    private static final int SMALL_IMAGE = 64;
    private static final int LINE = 78;

    @Override
    public Iterator<String> iterator() {
        return ResNets.names().iterator();
    }

    /** Rejects a name that is not in the catalog. */
    public static void check(CommandSpec command, String model) {
        if (ResNets.find(model).isEmpty()) {
            throw new UnknownNetworkException(
                    command.commandLine(), "--model: no network is named " + model + suggestion(model));
        }
    }

    /** Returns the end of a message: the names that an unknown one may stand for. */
    public static String suggestion(String model) {
        return Nearest.suggestion(model, ResNets.names());
    }

    /** Returns the names in groups, as lines of text. */
    public static List<String> groups() {
        var groups = new LinkedHashMap<String, List<String>>();
        for (String name : ResNets.names()) {
            groups.computeIfAbsent(group(ResNets.named(name)), _ -> new ArrayList<>())
                    .add(name);
        }
        var lines = new ArrayList<String>();
        lines.add("Networks:");
        groups.forEach((group, names) -> {
            lines.add("  " + group + ":");
            lines.addAll(wrapped(names));
        });
        return lines;
    }

    private static String group(ResNetSpec spec) {
        if (spec.shortcuts() == ShortcutOption.NONE) {
            return "without shortcuts";
        }
        if (spec.imageSize() <= SMALL_IMAGE) {
            return "for small images";
        }
        if (spec.block().squeeze() > 0) {
            return "for photographs, with squeeze-and-excitation";
        }
        if (spec.block().order() == ActivationOrder.PRE) {
            return "for photographs, with pre-activation";
        }
        if (spec.stem().kind() == Stem.DEEP) {
            return "for photographs, ResNet-C and ResNet-D";
        }
        boolean original = spec.block().groups() == 1 && !spec.name().startsWith("wide");
        return original ? "for photographs" : "for photographs, ResNeXt and wide networks";
    }

    private static List<String> wrapped(List<String> names) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder("   ");
        for (String name : names) {
            if (line.length() + 1 + name.length() > LINE) {
                lines.add(line.toString());
                line = new StringBuilder("   ");
            }
            line.append(' ').append(name);
        }
        lines.add(line.toString());
        return lines;
    }
}
