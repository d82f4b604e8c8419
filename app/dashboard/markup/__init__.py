"""Values into the HTML of the pages: tables, bars and small pictures, each with its words."""
