package org.resnet4j.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.http.Answers.Answer;
import org.resnet4j.server.telemetry.Operation;

/** The addresses of a server. A segment in braces, as in {@code /v2/models/{model}}, stands for any name. */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    private record Route(Operation operation, String method, List<String> segments, Answer answer) {
        /** Returns the values of the variable segments; null if the address is another one. */
        @Nullable
        Map<String, String> match(List<String> address) {
            if (address.size() != segments.size()) {
                return null;
            }
            var values = new HashMap<String, String>();
            for (int i = 0; i < segments.size(); i++) {
                String segment = segments.get(i);
                if (segment.startsWith("{")) {
                    values.put(segment.substring(1, segment.length() - 1), address.get(i));
                } else if (!segment.equals(address.get(i))) {
                    return null;
                }
            }
            return values;
        }
    }

    /** An answer with the variable segments of its address. */
    record Found(Operation operation, Answer answer, Map<String, String> segments) {}

    Routes get(Operation operation, String address, Answer answer) {
        routes.add(new Route(operation, "GET", segments(address), answer));
        return this;
    }

    Routes post(Operation operation, String address, Answer answer) {
        routes.add(new Route(operation, "POST", segments(address), answer));
        return this;
    }

    /** Returns the method and address of each route, such as {@code GET /v2}. */
    List<String> addresses() {
        return routes.stream()
                .map(route -> route.method() + " " + String.join("/", route.segments()))
                .toList();
    }

    private static List<String> segments(String address) {
        return List.of(address.split("/", -1));
    }

    /**
     * Returns the answer for an address. HEAD is answered as GET.
     *
     * @throws RefusedException if there is no such address, or if it has another method
     */
    Found find(String method, String address) throws RefusedException {
        List<String> segments = segments(address);
        String wanted = method.equals("HEAD") ? "GET" : method;
        SortedSet<String> others = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> values = route.match(segments);
            if (values != null && route.method().equals(wanted)) {
                return new Found(route.operation(), route.answer(), values);
            }
            if (values != null) {
                others.add(route.method());
            }
        }
        throw others.isEmpty()
                ? new RefusedException(404, "there is nothing at " + address)
                : new RefusedException(405, "the method of " + address + " is " + String.join(" or ", others));
    }
}
