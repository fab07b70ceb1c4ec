"""The strict harness: engines, frozen time, loud templates, shuffled rows, no network, a browser that complains."""
