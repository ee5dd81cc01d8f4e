"""The region's own product list (CSV or XLSX) into ``data/producten.yaml``."""
