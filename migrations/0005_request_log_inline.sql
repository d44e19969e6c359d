-- A request with its bodies is written once, hardly ever read, and gone after days. To compress what has more than two
-- kilobytes took longer than to store it; now only what does not fit into a page is compressed.
ALTER TABLE "request_log" SET (toast_tuple_target = 8160);
