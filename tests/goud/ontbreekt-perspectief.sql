(feiten.segment = 'midden' AND feiten.perspectief = 'onbekend' AND NOT feiten.profiel IN ('11', '12') AND feiten.handeling IN ('lopend', 'nieuw', 'verlenging'))
